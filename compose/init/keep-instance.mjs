import { readFileSync } from 'node:fs';
import { putFile } from './put-files.mjs';

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Remembers what later starts must not change by accident: the namespace, and which stores are the operator's own. Throws
 * with what to do when this start would change one of them.
 */
export function keepInstance(file, { namespace, external, bundledAgain }) {
  const known = read(file);
  if (known !== undefined && known.namespace !== namespace) {
    throw new Error(
      `this instance has the namespace ${known.namespace}, and TWITE_NAMESPACE is ${namespace}: its users may use the data of ${known.namespace} only. Set TWITE_NAMESPACE=${known.namespace}, or run a second instance with a project of its own: docker compose -p NAME`,
    );
  }
  const lost = (known?.external ?? []).filter(
    (store) => !external.includes(store) && !bundledAgain.includes(store),
  );
  if (lost.length > 0) {
    throw new Error(
      `this instance uses a ${lost.join(' and a ')} of your own, and this start would replace it by the bundled one. Run \`cd compose && docker compose …\`, without -f, so that COMPOSE_FILE of compose/.env counts. To return to the bundled one: TWITE_BUNDLED_AGAIN=${lost.join(',')}`,
    );
  }
  putFile(file, {
    content: `${JSON.stringify({ namespace, external }, null, 2)}\n`,
    uid: 0,
    gid: 0,
    mode: 0o400,
  });
}
