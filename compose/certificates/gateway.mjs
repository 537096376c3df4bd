import { X509Certificate } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const adminSocket = '/run/haproxy/admin.sock';

/** Asks HAProxy's runtime API one thing. */
function ask(socket, command) {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    let answer = '';
    connection.setTimeout(10_000, () => connection.destroy(new Error('HAProxy does not answer')));
    connection.on('error', reject);
    connection.on('data', (data) => {
      answer += data;
    });
    connection.on('end', () => resolve(answer.trim()));
    connection.write(`${command}\n`);
  });
}

/** Resolves when HAProxy runs: before that, the authority would ask in vain, and count it as a failure. */
export async function untilGatewayRuns(socket = adminSocket) {
  for (;;) {
    try {
      if ((await ask(socket, 'show version')) !== '') return;
    } catch {
      // It has not made its socket yet.
    }
    await wait(1_000);
  }
}

async function insist(socket, command, expected) {
  const answer = await ask(socket, command);
  if (!answer.includes(expected)) throw new Error(`HAProxy did not take the certificate: ${answer}`);
  return answer;
}

/** The SHA-1 fingerprint of what HAProxy serves, in hexadecimal. */
async function servedFingerprint(socket, file) {
  const answer = await ask(socket, `show ssl cert ${file}`);
  const [, fingerprint] = /^SHA1 FingerPrint: ([0-9A-F]{40})$/im.exec(answer) ?? [];
  if (fingerprint === undefined) throw new Error(`HAProxy does not know ${file}: ${answer}`);
  return fingerprint.toUpperCase();
}

/**
 * Gives a running HAProxy the certificate of a file that it serves, unless it has it already; answers whether it had not.
 * Connections that are open keep the old one.
 */
export async function giveToGateway(file, pem, socket = adminSocket) {
  const fingerprint = new X509Certificate(pem).fingerprint.replaceAll(':', '');
  if ((await servedFingerprint(socket, file)) === fingerprint) return false;
  // An empty line ends the payload: there must be none in it.
  const payload = pem.replaceAll(/\n{2,}/g, '\n').trim();
  try {
    await insist(socket, `set ssl cert ${file} <<\n${payload}\n`, 'Transaction');
    await insist(socket, `commit ssl cert ${file}`, 'Success');
  } catch (error) {
    // Else HAProxy keeps the transaction, and serves nothing of it.
    await ask(socket, `abort ssl cert ${file}`).catch(() => {});
    throw error;
  }
  return true;
}
