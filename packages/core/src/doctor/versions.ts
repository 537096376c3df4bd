import { type Finding, fail, pass, warn } from './run-checks.ts';

const numbersOf = (version: string): readonly number[] =>
  version.split('.').map((part) => Number.parseInt(part, 10) || 0);

/** Whether a version is at least another one. Compares only the components that the other one has. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = numbersOf(version);
  for (const [index, wanted] of numbersOf(least).entries()) {
    const number = numbers[index] ?? 0;
    if (number !== wanted) return number > wanted;
  }
  return true;
}

export interface SupportedVersions {
  readonly least: string;
  /** The first version that is untested. */
  readonly below: string;
}

/** Compares a service's version with those that Twite supports. */
export function judgeVersion(service: string, version: string, { least, below }: SupportedVersions): Finding {
  const range = `${least} or newer, below ${below}`;
  if (!isAtLeast(version, least))
    return fail(`${service} ${version} is too old`, `Install ${service} ${range}.`);
  if (isAtLeast(version, below))
    return warn(`${service} ${version} is newer than what was tested`, `Prefer ${service} ${range}.`);
  return pass(`${service} ${version}`);
}
