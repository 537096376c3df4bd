import { allVariables } from './variables.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The documentation of every variable, in Markdown. */
export function configTable(): string {
  const rows = allVariables.map(
    ({ name, form, default: defaultText, doc }) =>
      `| \`${name}\` | \`${defaultText}\` | ${cell(form)} | ${cell(doc)} |`,
  );
  return ['| variable | default | form | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The page docs/configuration.md. */
export function configurationPage(): string {
  return `# Configuration

The server is configured by environment variables, read once when it starts. One that is empty counts as not set.
When something is wrong, the server says all of it at once and ends with exit code 2.

${configTable()}

This page is made from the table in the source: \`npm run generate\`.
`;
}
