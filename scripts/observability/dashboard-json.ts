import type { Dashboard, Panel, Step } from './panels.ts';

const datasource = { type: 'prometheus', uid: '$datasource' } as const;
const columns = 24;

const heights = { timeseries: 8, stat: 5 } as const;

const thresholds = (steps: readonly Step[]) => ({
  mode: 'absolute',
  steps: steps.map(({ from, color }) => ({ color, value: from })),
});

const options = {
  timeseries: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  stat: {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    colorMode: 'value',
    graphMode: 'area',
    textMode: 'auto',
  },
} as const;

function fieldConfig({ unit, max, decimals, steps, stacked = false, kind = 'timeseries' }: Panel) {
  const custom = {
    drawStyle: 'line',
    lineWidth: 1,
    fillOpacity: stacked ? 30 : 5,
    showPoints: 'never',
    spanNulls: false,
    stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
    thresholdsStyle: { mode: steps === undefined ? 'off' : 'dashed' },
  };
  return {
    defaults: {
      unit,
      min: 0,
      ...(max === undefined ? {} : { max }),
      ...(decimals === undefined ? {} : { decimals }),
      color: { mode: kind === 'stat' && steps !== undefined ? 'thresholds' : 'palette-classic' },
      thresholds: thresholds(steps ?? [{ from: null, color: 'green' }]),
      ...(kind === 'timeseries' ? { custom } : {}),
    },
    overrides: [],
  };
}

const refId = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

const targets = ({ queries, kind }: Panel) =>
  queries.map(({ expr, legend }, index) => ({
    refId: refId(index),
    datasource,
    expr,
    legendFormat: legend,
    ...(kind === 'stat' ? { instant: true } : { range: true }),
  }));

interface Placed {
  readonly id: number;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

const panelJson = (panel: Panel, placed: Placed) => ({
  ...placed,
  type: panel.kind ?? 'timeseries',
  title: panel.title,
  description: panel.description,
  datasource,
  fieldConfig: fieldConfig(panel),
  options: options[panel.kind ?? 'timeseries'],
  targets: targets(panel),
});

/**
 * Arranges rows and panels from left to right and from top to bottom. A line of panels is as high as its highest panel.
 */
function layOut({ rows }: Dashboard): object[] {
  const placed: object[] = [];
  let y = 0;
  for (const row of rows) {
    const gridPos = { x: 0, y, w: columns, h: 1 };
    placed.push({
      id: placed.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos,
      panels: [],
    });
    y += 1;
    let x = 0;
    let height = 0;
    for (const panel of row.panels) {
      const w = panel.width ?? 8;
      const h = heights[panel.kind ?? 'timeseries'];
      if (x + w > columns) {
        x = 0;
        y += height;
        height = 0;
      }
      placed.push(panelJson(panel, { id: placed.length + 1, gridPos: { x, y, w, h } }));
      x += w;
      height = Math.max(height, h);
    }
    y += height;
  }
  return placed;
}

const filter = (name: string, label: string, query: string) => ({
  name,
  label,
  type: 'query',
  datasource,
  definition: query,
  query: { query, refId: name },
  refresh: 2,
  sort: 1,
  multi: true,
  includeAll: true,
  allValue: '.+',
  current: { selected: true, text: ['All'], value: ['$__all'] },
  options: [],
});

/** A dashboard in the format that Grafana provisions from a file. */
export const dashboardJson = (dashboard: Dashboard): string =>
  `${JSON.stringify(
    {
      uid: `twite-${dashboard.name}`,
      title: dashboard.title,
      description: dashboard.description,
      tags: ['twite'],
      timezone: 'browser',
      editable: false,
      graphTooltip: 1,
      refresh: '30s',
      time: { from: 'now-3h', to: 'now' },
      schemaVersion: 39,
      version: 1,
      links: [
        {
          title: 'Twite',
          type: 'dashboards',
          tags: ['twite'],
          asDropdown: true,
          includeVars: true,
          keepTime: true,
        },
      ],
      annotations: { list: [] },
      templating: {
        list: [
          {
            name: 'datasource',
            label: 'Data source',
            type: 'datasource',
            query: 'prometheus',
            regex: '',
            refresh: 1,
            current: { selected: true, text: 'Prometheus', value: 'prometheus' },
            options: [],
          },
          filter('job', 'Job', 'label_values(twite_build_info, job)'),
          filter('instance', 'Instance', 'label_values(twite_build_info{job=~"$job"}, instance)'),
        ],
      },
      panels: layOut(dashboard),
    },
    null,
    2,
  )}\n`;
