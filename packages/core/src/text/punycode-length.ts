// The parameters of RFC 3492, section 5.
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_CODE_POINT = 0x80;

const PREFIX_LENGTH = 'xn--'.length;
const OTHER_SEPARATORS = /[.\u3002\uff0e\uff61]/;
const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/;

/**
 * The length of a domain label in its ASCII form, as twitter-text counts it. A label that contains one of the other
 * full stops (U+3002 and so on) counts as the labels between them. Returns `limit + 1` for anything longer than
 * `limit`, without encoding it: Punycode takes quadratic time.
 */
export function asciiLabelLength(label: string, limit: number): number {
  // Every code point takes at least one digit, and a code point is at most two code units.
  if (label.length > limit * 2) return limit + 1;
  const parts = label.split(OTHER_SEPARATORS);
  const dots = parts.length - 1;
  const length = parts.reduce((sum, part) => sum + encodedLength(part), dots);
  return Math.min(length, limit + 1);
}

function encodedLength(label: string): number {
  if (!NOT_PRINTABLE_ASCII.test(label)) return label.length;
  const codePoints = Array.from(label, (character) => character.codePointAt(0) ?? 0);
  const basicCount = codePoints.filter((codePoint) => codePoint < INITIAL_CODE_POINT).length;
  const higher = [...new Set(codePoints)]
    .filter((codePoint) => codePoint >= INITIAL_CODE_POINT)
    .sort((a, b) => a - b);

  // One delimiter after the basic code points, if any.
  let length = PREFIX_LENGTH + basicCount + (basicCount > 0 ? 1 : 0);
  let handled = basicCount;
  let previous = INITIAL_CODE_POINT;
  let delta = 0;
  let bias = INITIAL_BIAS;
  for (const next of higher) {
    delta += (next - previous) * (handled + 1);
    for (const codePoint of codePoints) {
      if (codePoint < next) delta++;
      if (codePoint === next) {
        length += digitCount(delta, bias);
        bias = adapt(delta, handled + 1, handled === basicCount);
        delta = 0;
        handled++;
      }
    }
    delta++;
    previous = next + 1;
  }
  return length;
}

/** The number of digits of the generalised variable-length integer. */
function digitCount(delta: number, bias: number): number {
  let rest = delta;
  let digits = 1;
  for (let k = BASE; ; k += BASE) {
    const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
    if (rest < threshold) return digits;
    rest = Math.floor((rest - threshold) / (BASE - threshold));
    digits++;
  }
}

function adapt(delta: number, codePointCount: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / DAMP) : delta >> 1;
  rest += Math.floor(rest / codePointCount);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
