import { ConfigError } from './config/load-config.ts';
import { tellSupervisor } from './follow-parent.ts';
import { OperatorError } from './operator-error.ts';
import { surviveFullOutput } from './survive-full-output.ts';

/**
 * Runs the function. Errors that the operator can fix are printed as one line without a stack, and set the exit code.
 */
export async function tellOperator(run: () => Promise<void>): Promise<void> {
  surviveFullOutput();
  try {
    await run();
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof OperatorError)) throw error;
    if (error instanceof ConfigError || !error.isTransient) tellSupervisor({ twite: 'refused' });
    process.stderr.write(`twite: ${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
