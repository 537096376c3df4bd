import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricCatalogue } from '@twite/process/metrics/metric-catalogue';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type AlertCase, alertCases, type Series } from '../../scripts/observability/alert-cases.ts';
import { runbookPath } from '../../scripts/observability/rules.ts';
import { composeFolder, readCompose } from './compose-files.ts';
import { isInstalled } from './observed-system.ts';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const ruleFiles = readdirSync(join(composeFolder, 'prometheus/rules')).map(
  (file) => `prometheus/rules/${file}`,
);
const rules = ruleFiles.flatMap((file) =>
  (parse(readCompose(file)) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
);
const alerts = rules.filter((rule): rule is Rule & { alert: string } => rule.alert !== undefined);
const byName = alerts.map((rule): [string, Rule & { alert: string }] => [rule.alert, rule]);

const runbookFolder = join(composeFolder, '../docs/operations/runbooks');
const readRunbook = (path: string) => readFileSync(join(composeFolder, '..', path), 'utf8');

describe('alerts', () => {
  test('have different names, and a case that fires and one that does not', () => {
    expect(Object.keys(alertCases).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    for (const { labels, series, quiet } of Object.values(alertCases)) {
      expect(labels.length).toBeGreaterThan(0);
      expect(Object.keys(series).length).toBeGreaterThan(0);
      // With the same metrics: silence for lack of data would prove nothing.
      const metrics = new Set(Object.keys(series).map((name) => name.split('{')[0]));
      for (const name of Object.keys(quiet)) expect(metrics).toContain(name.split('{')[0]);
      expect(Object.keys(quiet).length).toBeGreaterThan(0);
    }
  });

  test.each(byName)(
    '%s: says how urgent it is and names its runbook',
    (name, { labels = {}, annotations = {} }) => {
      expect(['page', 'ticket']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/^\S/);
      const page = readRunbook(annotations.runbook ?? '');
      expect(page).toMatch(new RegExp(`^- \`${name}\``, 'm'));
      expect(page).toMatch(/^## Check$/m);
      expect(page).toMatch(/^## Do$/m);
    },
  );

  test.each(byName)('%s: uses existing metrics', (_, { expr }) => {
    const recorded = new Set(rules.map(({ record }) => record));
    for (const [name] of expr.matchAll(/\btwite[\w:]+/g)) {
      const known =
        recorded.has(name) ||
        name in metricCatalogue ||
        name === 'twite_certificate_expiry_timestamp_seconds';
      expect([name, known]).toEqual([name, true]);
    }
  });

  test('every runbook belongs to an alert, and names only existing alerts', () => {
    const named = new Set(alerts.map(({ annotations = {} }) => annotations.runbook));
    const pages = readdirSync(runbookFolder).filter((file) => file !== 'README.md');
    expect(new Set(pages.map((file) => runbookPath(file.replace('.md', ''))))).toEqual(named);
    for (const page of pages) {
      for (const [, alert] of readRunbook(`docs/operations/runbooks/${page}`).matchAll(
        /^- `([A-Z]\w+)`: /gm,
      )) {
        expect([page, alert, alerts.find((rule) => rule.alert === alert)?.annotations?.runbook]).toEqual([
          page,
          alert,
          `docs/operations/runbooks/${page}`,
        ]);
      }
    }
  });

  test('runbooks link to existing pages', () => {
    for (const file of readdirSync(runbookFolder)) {
      for (const [, target = ''] of readRunbook(`docs/operations/runbooks/${file}`).matchAll(
        /\]\(([^)#:]+)(?:#[^)]*)?\)/g,
      )) {
        expect([file, target, readFileSync(join(runbookFolder, target), 'utf8').length > 0]).toEqual([
          file,
          target,
          true,
        ]);
      }
    }
  });
});

const hasPromtool = isInstalled('promtool');
if (!hasPromtool) console.log('LEFT OUT: tests of the rules. They need promtool (Debian: prometheus).');

const promtool = (...args: string[]) => spawnSync('promtool', args, { encoding: 'utf8' });

const inputSeries = (series: Series) =>
  Object.entries(series).map(([name, values]) => ({ series: name, values }));

function testOf(name: string, { series, at, labels, summary, quiet }: AlertCase) {
  const rule = alerts.find(({ alert }) => alert === name);
  const annotations = { summary, runbook: rule?.annotations?.runbook };
  const expected = (own: Readonly<Record<string, string>>) => ({
    exp_labels: { ...rule?.labels, ...own },
    exp_annotations: {
      ...annotations,
      // The others differ by their labels.
      summary: Object.values(labels[0] ?? {}).reduce(
        (text, value, index) => text.replace(value, Object.values(own)[index] ?? ''),
        summary,
      ),
    },
  });
  return [
    {
      name: `${name} fires`,
      interval: '1m',
      input_series: inputSeries(series),
      alert_rule_test: [{ eval_time: at, alertname: name, exp_alerts: labels.map(expected) }],
    },
    {
      name: `${name} does not fire`,
      interval: '1m',
      input_series: inputSeries(quiet),
      alert_rule_test: [{ eval_time: at, alertname: name, exp_alerts: [] }],
    },
  ];
}

describe.runIf(hasPromtool)('in promtool', () => {
  test('the rules and the configuration are valid', () => {
    const files = ruleFiles.map((file) => join(composeFolder, file));
    const { status, stderr, stdout } = promtool('check', 'rules', '--lint-fatal', ...files);
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
    const config = promtool(
      'check',
      'config',
      '--syntax-only',
      join(composeFolder, 'prometheus/prometheus.yml'),
    );
    expect([config.status, config.stderr]).toEqual([0, '']);
  });

  // Hours take long to evaluate once per minute.
  const isLong = ({ at }: AlertCase) => Number.parseInt(at, 10) > 180;

  test.each(ruleFiles.flatMap((file) => [false, true].map((long): [string, boolean] => [file, long])))(
    '%s: every alert fires, and does not without a reason (after hours: %s)',
    (file, long) => {
      const text = readCompose(file);
      const cases = Object.entries(alertCases).filter(
        ([name, alertCase]) => isLong(alertCase) === long && text.includes(`alert: ${name}\n`),
      );
      if (cases.length === 0) return;
      const folder = mkdtempSync(join(tmpdir(), 'twite-alerts-'));
      try {
        const tests = {
          rule_files: [join(composeFolder, file)],
          evaluation_interval: long ? '5m' : '1m',
          tests: cases.flatMap(([name, alertCase]) => testOf(name, alertCase)),
        };
        writeFileSync(join(folder, 'alerts.yml'), stringify(tests));
        const { status, stdout, stderr } = promtool('test', 'rules', join(folder, 'alerts.yml'));
        expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
