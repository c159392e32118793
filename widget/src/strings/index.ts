import { en, enLauncher, type Strings } from "./en";

export type { Strings } from "./en";

const languages: Record<string, Strings> = { en };
const launchers: Record<string, typeof enLauncher> = { en: enLauncher };

/** The words for a language tag such as "en-GB"; English where we do not speak the language. */
export function stringsFor(tag: string): Strings {
  return languages[tag.slice(0, 2)] ?? en;
}

/** The few words that the loader needs. */
export function launcherStringsFor(tag: string): typeof enLauncher {
  return launchers[tag.slice(0, 2)] ?? enLauncher;
}
