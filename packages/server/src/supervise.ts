// A separate entry: a supervisor loads nothing of the server.
export { followParent, tellSupervisor } from '@twite/process/follow-parent';
export { supervise } from '@twite/process/supervise';
