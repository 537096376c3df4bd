import { contract, operationIds } from '@twite/contract';
import { expect, test } from 'vitest';
import { loadCommands } from './readme/command-table.ts';
import { groupsOf } from './root-help.ts';

const commands = await loadCommands();
test.each(operationIds)('%s is called by the command that the contract names, or by none', (operationId) => {
  const { cli } = contract[operationId].metadata;
  const callers = commands.filter(({ command }) => command.operations.includes(operationId));
  const names = callers.map(({ name }) => name);
  if (typeof cli === 'string') expect(names).toContain(cli);
  else
    expect({ names, reason: cli.none }).toEqual({ names: [], reason: expect.stringMatching(/^[A-Z].*\.$/) });
});

test('every command has a summary sentence and accepts --json', () => {
  for (const { name, command } of commands) {
    expect(command.summary, name).toMatch(/^[A-Z].*\.$/);
    expect(command.enableJsonFlag, name).toBe(true);
  }
});

test('the root help lists every command and topic once, in a group', () => {
  const roots = new Set(commands.map(({ name }) => name.split(' ')[0] as string));
  const listed = Object.values(groupsOf([...roots, 'new-command'])).flat();
  expect(listed.toSorted()).toEqual([...roots, 'new-command'].sort());
});

test('every command that calls a server accepts --url, --token and --profile', () => {
  for (const { name, command } of commands.filter(({ command }) => command.operations.length > 0)) {
    expect(Object.keys(command.baseFlags), name).toEqual(['url', 'token', 'profile']);
  }
});

test('no command accepts a password as an argument or flag', () => {
  for (const { name, command } of commands) {
    const inputs = [...Object.keys(command.args), ...Object.keys(command.flags)];
    expect(
      inputs.filter((input) => /password$/i.test(input)),
      name,
    ).toEqual([]);
  }
});
