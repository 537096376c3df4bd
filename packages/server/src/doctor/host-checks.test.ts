import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { docker } from './host-checks.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twite-docker-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Installs a program `docker` that prints these versions; without a version it fails, like the real one. */
function installDocker({ engine, compose }: { engine?: string; compose?: string }): void {
  const say = (version: string | undefined) => (version === undefined ? 'exit 1' : `echo ${version}`);
  const script = `#!/bin/sh
case "$1" in
  --version) echo 'Docker version 28.2.2, build e6534b4' ;;
  version) ${say(engine)} ;;
  compose) ${say(compose)} ;;
esac
`;
  writeFileSync(join(folder, 'docker'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
}

test.each([
  [{ engine: '28.2.2', compose: '2.36.0' }, 'pass', 'Docker Engine 28.2.2, Compose 2.36.0'],
  [{ engine: '25.0.0', compose: '2.24.0' }, 'pass', 'Docker Engine 25.0.0, Compose 2.24.0'],
  [{ engine: '20.10.24+dfsg1', compose: '5.6.0' }, 'warn', 'Docker Engine 20.10.24 is old'],
  [{ engine: '25.0.3', compose: '2.23.3' }, 'warn', 'Compose 2.23.3 is old'],
  [{ engine: '25.0.3' }, 'warn', 'Docker Engine 25.0.3 has no Compose'],
  [{ compose: '2.36.0' }, 'pass', 'Docker 28.2.2, Compose 2.36.0'],
])('docker %o: %s', async (installed, status, words) => {
  installDocker(installed);
  expect(await docker.find()).toMatchObject({ status, message: words });
});

test('a missing Docker is not a problem', async () => {
  vi.stubEnv('PATH', folder);
  expect(await docker.find()).toMatchObject({ status: 'pass' });
});
