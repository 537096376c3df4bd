import type { Redis } from 'ioredis';
import { describeCommands, measureCommand } from './command-spans.ts';

/** Beyond this, data is not held back: the server may as well begin. */
const HELD_BYTES_MAX = 16_384;

/**
 * Sends all commands of one turn of the event loop to a server in one write. A separate write per command is a system
 * call, which under load costs more than everything else done for the command here. Commands in a trace are measured.
 */
export function writeTogether(client: Redis): void {
  const send = client.sendCommand.bind(client);
  const describe = describeCommands(client);
  let held: Redis['stream'] | undefined;
  const release = () => {
    const socket = held;
    held = undefined;
    socket?.uncork();
  };
  client.sendCommand = (command, stream) => {
    measureCommand(command, describe);
    const socket = client.stream;
    if (socket !== undefined && held !== socket) {
      release();
      held = socket;
      socket.cork();
      setImmediate(() => {
        if (held === socket) release();
      });
    }
    const answer = send(command, stream);
    if (held !== undefined && held.writableLength > HELD_BYTES_MAX) release();
    return answer;
  };
}
