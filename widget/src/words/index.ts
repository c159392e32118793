import { en, enLauncher, type Words } from "./en";

export type { Words } from "./en";

const languages: Record<string, Words> = { en };
const launchers: Record<string, typeof enLauncher> = { en: enLauncher };

/** The words for a language tag such as "en-GB"; English where we do not speak the language. */
export function wordsFor(tag: string): Words {
  return languages[tag.slice(0, 2)] ?? en;
}

/** The few words that the loader needs. */
export function launcherWordsFor(tag: string): typeof enLauncher {
  return launchers[tag.slice(0, 2)] ?? enLauncher;
}
