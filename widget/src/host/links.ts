// The only addresses that ever become links or images: what a browser could run is none of them.

const LINKS = new Set(["https:", "http:", "mailto:", "tel:"]);

/** The address as a browser reads it, or null where it may not become a link. */
export function safeLink(address: string | undefined, base?: string): string | null {
  const url = parsed(address, base);
  return url && LINKS.has(url.protocol) ? url.href : null;
}

/** The address of an image: over https, or from the assistant's own host. */
export function safeImage(address: string, base: string): string | null {
  const url = parsed(address, base);
  return url && (url.protocol === "https:" || url.origin === new URL(base).origin) ? url.href : null;
}

function parsed(address: string | undefined, base?: string): URL | null {
  if (!address) return null;
  try {
    return new URL(address, base);
  } catch {
    return null;
  }
}
