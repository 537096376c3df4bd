// Plain JavaScript that any Node of the last ten years can load: it tells why a newer one is needed.

const least = [24, 11];

/** One line when this Node is too old, else undefined. */
export function nodeTooOld(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return undefined;
  return (
    'Twite needs Node ' +
    least.join('.') +
    ' or newer; this is ' +
    version +
    '. Run `npm ci` and then `npm start`, which bring their own, or install a newer Node.'
  );
}
