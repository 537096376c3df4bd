// An entry of its own: a supervisor loads nothing of the server.
export { followParent, tellSupervisor } from '@twite/process/follow-parent';
export { supervise } from '@twite/process/supervise';
