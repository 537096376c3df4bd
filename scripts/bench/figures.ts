/** One figure next to its target, which is empty when nothing is promised. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: string;
  readonly met: boolean;
  readonly detail: string;
}

/** How long and how often to measure: `quick` is for trying the benchmark out. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
export const list = (values: readonly number[], digits = 2): string =>
  values.map((value) => round(value, digits)).join(' ');

export function atMost(name: string, value: number, unit: string, target: number, detail: string): Figure {
  return { name, value: round(value), unit, target: `≤ ${target}`, met: value <= target, detail };
}

export function atLeast(name: string, value: number, unit: string, target: number, detail: string): Figure {
  return { name, value: round(value), unit, target: `≥ ${target}`, met: value >= target, detail };
}

/** A figure without a promise: for docs/scaling.md. */
export function told(name: string, value: number, unit: string, detail: string, digits = 2): Figure {
  return { name, value: round(value, digits), unit, target: '', met: true, detail };
}

export function print(figures: readonly Figure[]): void {
  const width = Math.max(0, ...figures.map((figure) => figure.name.length));
  for (const { name, value, unit, target, met, detail } of figures) {
    const verdict = target === '' ? 'told' : met ? 'met' : 'MISSED';
    console.log(
      `${verdict.padEnd(6)}  ${name.padEnd(width)}  ${`${value} ${unit}`.padStart(10)}  ${target.padStart(8)}  ${detail}`,
    );
  }
}
