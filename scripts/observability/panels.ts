/** One query of a panel. */
export interface Query {
  readonly expr: string;
  /** The names of its series: text with `{{label}}`. */
  readonly legend: string;
}

/** Grafana's names of units. */
export type Unit =
  | 'short'
  | 's'
  | 'bytes'
  | 'Bps'
  | 'percentunit'
  | 'reqps'
  | 'ops'
  | 'bool_on_off'
  | 'bool_yes_no'
  | 'none';

export interface Step {
  readonly from: number | null;
  readonly color: 'green' | 'yellow' | 'orange' | 'red';
}

export interface Panel {
  readonly title: string;
  /** What it shows, and when to look closer. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  readonly kind?: 'timeseries' | 'stat';
  /** Of 24 columns; 8 by default. */
  readonly width?: number;
  readonly max?: number;
  /** Stacked, for parts of a whole. */
  readonly stacked?: boolean;
  /** Colours of a stat, or lines in a graph. */
  readonly steps?: readonly Step[];
  readonly decimals?: number;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  /** The name of its file and, prefixed with `twite-`, of its URL. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
}

export const graph = (
  title: string,
  unit: Unit,
  description: string,
  queries: readonly (readonly [legend: string, expr: string])[],
  more: Partial<Panel> = {},
): Panel => ({
  title,
  unit,
  description,
  queries: queries.map(([legend, expr]) => ({ legend, expr })),
  ...more,
});

export const stat = (...[title, unit, description, queries, more]: Parameters<typeof graph>): Panel => ({
  ...graph(title, unit, description, queries, more),
  kind: 'stat',
  width: more?.width ?? 4,
});
