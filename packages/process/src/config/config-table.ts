import { allVariables } from './variables.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The documentation of every variable, in Markdown. */
export function configTable(): string {
  const rows = allVariables.map(
    ({ name, form, default: defaultText, doc, secret }) =>
      `| \`${name}\`${secret ? ', `…_FILE`' : ''} | \`${defaultText}\` | ${cell(form)} | ${cell(doc)} |`,
  );
  return ['| variable | default | form | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The page docs/configuration.md. */
export function configurationPage(): string {
  return `# Configuration

The server is configured by environment variables, read once when it starts. One that is empty counts as not set.
When something is wrong, the server says all of it at once and ends with exit code 2.

What holds a password may stand in a file instead, which the variable with \`_FILE\` at its end names:
\`TWITE_MONGODB_URL_FILE=/run/secrets/mongodb\`.

${configTable()}

This page is made from the table in the source: \`npm run generate\`.
`;
}
