import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const socket = '/run/haproxy/admin.sock';

/** Asks HAProxy's runtime API one thing. */
function ask(command) {
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
export async function untilGatewayRuns() {
  for (;;) {
    try {
      if ((await ask('show version')) !== '') return;
    } catch {
      // It has not made its socket yet.
    }
    await wait(1_000);
  }
}

async function insist(command, expected) {
  const answer = await ask(command);
  if (!answer.includes(expected)) throw new Error(`HAProxy did not take the certificate: ${answer}`);
}

/** Replaces the certificate of a running HAProxy. Connections that are open keep the old one. */
export async function giveToGateway(file, pem) {
  // An empty line ends the payload: there must be none in it.
  const payload = pem.replaceAll(/\n{2,}/g, '\n').trim();
  await insist(`set ssl cert ${file} <<\n${payload}\n`, 'Transaction');
  await insist(`commit ssl cert ${file}`, 'Success');
}
