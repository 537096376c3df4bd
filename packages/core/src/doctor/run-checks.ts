/** What a check found. Whatever is not right comes with what to do about it. */
export type Finding =
  | { readonly status: 'pass'; readonly message: string }
  | { readonly status: 'warn' | 'fail'; readonly message: string; readonly fix: string };

/** One thing that an installation needs. It only looks, and holds nothing open afterwards. */
export interface Check {
  /** Such as `disk` or `mongodb version`. */
  readonly name: string;
  /** What it throws is a failure of what it looks at. */
  find(): Promise<Finding>;
  /** What to do when it throws, or takes too long. */
  readonly fix: string;
  /** The check without which this one has nothing to look at, such as whether the service answers. */
  readonly needs?: string;
}

export type CheckResult = { readonly name: string } & Finding;

export const pass = (message: string): Finding => ({ status: 'pass', message });
export const warn = (message: string, fix: string): Finding => ({ status: 'warn', message, fix });
export const fail = (message: string, fix: string): Finding => ({ status: 'fail', message, fix });

/**
 * Runs all checks at once, each within the deadline; what a check needs comes before it. The results are in the order of the
 * checks.
 */
export function runChecks(checks: readonly Check[], deadlineMs: number): Promise<readonly CheckResult[]> {
  const running = new Map<string, Promise<CheckResult>>();
  const start = (check: Check): Promise<CheckResult> => {
    const { name, needs } = check;
    const found = running.get(name);
    if (found !== undefined) return found;
    const needed = checks.find((other) => other.name === needs);
    const result =
      needed === undefined ? runCheck(check, deadlineMs) : runAfter(start(needed), check, deadlineMs);
    running.set(name, result);
    return result;
  };
  return Promise.all(checks.map(start));
}

async function runAfter(
  needed: Promise<CheckResult>,
  check: Check,
  deadlineMs: number,
): Promise<CheckResult> {
  const { name: first, status } = await needed;
  if (status !== 'fail') return await runCheck(check, deadlineMs);
  return { name: check.name, ...warn(`not looked at, because ${first} failed`, `Correct ${first} first.`) };
}

async function runCheck({ name, find, fix }: Check, deadlineMs: number): Promise<CheckResult> {
  const late = Promise.withResolvers<Finding>();
  const timer = setTimeout(
    () => late.resolve(fail(`no answer within ${deadlineMs / 1000} s`, fix)),
    deadlineMs,
  );
  try {
    return { name, ...(await Promise.race([find(), late.promise])) };
  } catch (error) {
    return { name, ...fail(oneLine(error), fix) };
  } finally {
    clearTimeout(timer);
  }
}

const messageMax = 300;

const oneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '')
    .slice(0, messageMax);
