// Loaded before anything else, even by a Node that is too old for the rest: no newer syntax, no imports.

/** A one-line message when a version of Node is too old for this server, else undefined. */
export function nodeTooOld(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 11)) return undefined;
  return `Twite needs Node 24.11 or newer; this is ${version}. Run \`npm ci\` and then \`npm start\`, which bring their own, or install a newer Node.`;
}
