// Unicode's own "stream-safe" format allows runs of 30.
const LONG_RUN_OF_MARKS = /\p{M}{64}/gu;

/**
 * Normalises a text (form C by default) in linear time. Sorting a run of combining marks takes quadratic time (64 KB of
 * them block the process for over a second), so runs of more than 64 are normalised in pieces. No script has such runs.
 */
export function composeText(text: string, form: 'NFC' | 'NFKD' = 'NFC'): string {
  let composed = '';
  let from = 0;
  for (const run of text.matchAll(LONG_RUN_OF_MARKS)) {
    const to = run.index + run[0].length;
    composed += text.slice(from, to).normalize(form);
    from = to;
  }
  return composed + text.slice(from).normalize(form);
}
