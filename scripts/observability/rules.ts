import { stringify } from 'yaml';
import { type Alert, burnWindows, processAlerts, serviceAlerts, sloAlerts } from './alerts.ts';
import { slos } from './slos.ts';

/** The path of the pages that alerts name. */
export const runbookPath = (page: string): string => `docs/operations/runbooks/${page}.md`;

const alertRule = ({ name, expr, after, severity, summary, runbook, labels = {} }: Alert) => ({
  alert: name,
  expr,
  for: after,
  labels: { severity, ...labels },
  annotations: { summary, runbook: runbookPath(runbook) },
});

const recordings = [
  {
    name: 'twite-objectives',
    rules: slos.flatMap(({ name, objective, events, errors }) => [
      { record: 'twite:slo_objective:ratio', expr: `vector(${objective})`, labels: { slo: name } },
      { record: 'twite:slo_events:rate5m', expr: events, labels: { slo: name } },
      { record: 'twite:slo_errors:rate5m', expr: errors, labels: { slo: name } },
    ]),
  },
  {
    name: 'twite-burn-rates',
    // The average of events per second, not of their ratio: a busy hour counts more than a quiet one.
    rules: burnWindows.map((window) => ({
      record: `twite:slo_error_ratio:rate${window}`,
      expr:
        window === '5m'
          ? 'twite:slo_errors:rate5m / twite:slo_events:rate5m'
          : `avg_over_time(twite:slo_errors:rate5m[${window}]) / avg_over_time(twite:slo_events:rate5m[${window}])`,
    })),
  },
];

const header = '# Generated from scripts/observability: npm run generate.\n';

const file = (groups: readonly object[]): string => `${header}${stringify({ groups }, { lineWidth: 0 })}`;

/** The rules of Prometheus, by the names of their files. */
export const ruleFiles = (): Readonly<Record<string, string>> => ({
  'objectives.yml': file([
    ...recordings,
    { name: 'twite-objective-alerts', rules: sloAlerts.map(alertRule) },
  ]),
  'processes.yml': file([{ name: 'twite-processes', rules: processAlerts.map(alertRule) }]),
  'services.yml': file([{ name: 'twite-services', rules: serviceAlerts.map(alertRule) }]),
});
