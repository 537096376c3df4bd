/** The result of a check. Anything but a pass includes what to do about it. */
export type Finding =
  | { readonly status: 'pass'; readonly message: string }
  | { readonly status: 'warn' | 'fail'; readonly message: string; readonly fix: string };

/** One requirement of an installation. A check only reads, and leaves nothing open afterwards. */
export interface Check {
  /** For example `disk` or `mongodb version`. */
  readonly name: string;
  /** An error that it throws is a failure of the thing it checks. */
  find(): Promise<Finding>;
  /** What to do when it throws or times out. */
  readonly fix: string;
  /** The check that must pass before this one makes sense, such as whether the service answers. */
  readonly needs?: string;
}

export type CheckResult = { readonly name: string } & Finding;

export const pass = (message: string): Finding => ({ status: 'pass', message });
export const warn = (message: string, fix: string): Finding => ({ status: 'warn', message, fix });
export const fail = (message: string, fix: string): Finding => ({ status: 'fail', message, fix });

/**
 * Runs all checks concurrently, each within the deadline and after the check that it needs. Returns the results in the
 * order of the checks.
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
  return { name: check.name, ...warn(`not checked, because ${first} failed`, `Fix ${first} first.`) };
}

async function runCheck({ name, find, fix }: Check, deadlineMs: number): Promise<CheckResult> {
  const late = Promise.withResolvers<Finding>();
  const timer = setTimeout(
    () => late.resolve(fail(`no response within ${deadlineMs / 1000} s`, fix)),
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
