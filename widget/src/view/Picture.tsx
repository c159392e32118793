import { useState } from "preact/hooks";
import { Link } from "./Link";
import { useSetting } from "./setting";

export function Picture({ src, alt }: { src: string; alt: string }) {
  const { strings } = useSetting();
  const [missing, miss] = useState(false);
  if (missing) {
    return (
      <p>
        <Link href={src}>{strings.imageMissing(alt)}</Link>
      </p>
    );
  }
  return <img src={src} alt={alt} loading="lazy" referrerpolicy="no-referrer" onError={() => miss(true)} />;
}
