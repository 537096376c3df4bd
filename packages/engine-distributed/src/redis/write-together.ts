import type { Redis } from 'ioredis';
import { describeCommands, measureCommand } from './command-spans.ts';

/** More than this is not held back: the server may as well begin. */
const HELD_BYTES_MAX = 16_384;

/**
 * Sends what one turn of the event loop asks of a server in one write. A write of its own for each command is a system
 * call, which under load costs more than all else that is done for the command here. Commands in a trace are measured.
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
