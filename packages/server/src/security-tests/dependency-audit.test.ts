import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Advisory {
  readonly severity: string;
  readonly via: readonly (string | { readonly title: string; readonly url: string })[];
}

interface Audit {
  readonly vulnerabilities?: Readonly<Record<string, Advisory>>;
  readonly message?: string;
}

const root = join(import.meta.dirname, '../../../..');

test('no dependency of the product has a known vulnerability of high or critical severity', (context) => {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--omit=dev', '--fetch-retries=0'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  });
  const audit = parse(stdout);
  if (audit.vulnerabilities === undefined) {
    process.stderr.write(
      `skipped: the registry audits nothing (${/^\d{3}/.exec(audit.message ?? '')?.[0] ?? 'no answer'})\n`,
    );
    return context.skip();
  }
  const grave = Object.entries(audit.vulnerabilities).filter(([, { severity }]) =>
    ['high', 'critical'].includes(severity),
  );
  expect(grave).toEqual([]);
});

function parse(stdout: string): Audit {
  try {
    return JSON.parse(stdout) as Audit;
  } catch {
    return {};
  }
}
