import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@twite/engine-distributed/testing';
import { vi } from 'vitest';
import { stringify } from 'yaml';
import { composeFolder } from './compose-files.ts';
import type { Target } from './observed-system.ts';

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A Prometheus that scrapes every second, with the rules of compose. */
export interface RunningPrometheus extends AsyncDisposable {
  /** Evaluates an expression now. Throws Prometheus's error when it cannot be parsed. */
  query(expression: string): Promise<readonly Sample[]>;
}

const scrapeOf = ({ job, address, path }: Target) => {
  const { pathname, searchParams } = new URL(path ?? '/metrics', 'http://target');
  return {
    job_name: job,
    metrics_path: pathname,
    ...(searchParams.size === 0 ? {} : { params: { family: searchParams.getAll('family') } }),
    static_configs: [{ targets: [address] }],
  };
};

/** Groups targets of the same job. */
const scrapesOf = (targets: readonly Target[]) =>
  [...Map.groupBy(targets, ({ job }) => job).values()].map((same) => ({
    ...scrapeOf(same[0] as Target),
    static_configs: [{ targets: same.map(({ address }) => address) }],
  }));

export async function startPrometheus(targets: readonly Target[]): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'twite-prometheus-'));
  const port = await freePort();
  writeFileSync(
    join(folder, 'prometheus.yml'),
    stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [join(composeFolder, 'prometheus/rules/*.yml')],
      scrape_configs: scrapesOf(targets),
    }),
  );
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (data) => {
    log += data;
  });
  const url = `http://127.0.0.1:${port}`;
  await vi.waitUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`Prometheus ended: ${log}`);
      return fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    },
    { timeout: 30_000, interval: 100 },
  );
  return {
    async query(expression) {
      const response = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query: expression }),
      });
      const { data, error } = (await response.json()) as {
        readonly error?: string;
        readonly data?: {
          readonly result: readonly {
            readonly metric: Sample['metric'];
            readonly value: readonly [number, string];
          }[];
        };
      };
      if (data === undefined) throw new Error(`${expression}: ${error}`);
      return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
