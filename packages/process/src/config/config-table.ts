import { allTraceVariables } from './trace-variables.ts';
import type { Variable } from './variable.ts';
import { allVariables } from './variables.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The documentation of the variables, in Markdown. */
export function configTable(described: readonly Variable<unknown>[] = allVariables): string {
  const rows = described.map(
    ({ name, form, default: defaultText, doc, secret }) =>
      `| \`${name}\`${secret ? ', `…_FILE`' : ''} | \`${defaultText}\` | ${cell(form)} | ${cell(doc)} |`,
  );
  return ['| variable | default | form | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The page docs/configuration.md. */
export function configurationPage(): string {
  return `# Configuration

The server is configured by environment variables, read once when it starts. One that is empty counts as not set.
When something is wrong, the server says all of it at once and ends with exit code 2. A variable that starts with \`TWITE_\` and
is not known counts as misspelt: the server names the one that is most like it.

What holds a password may stand in a file instead, which the variable with \`_FILE\` at its end names:
\`TWITE_MONGODB_URL_FILE=/run/secrets/mongodb\`.

${configTable()}

## Traces

These are OpenTelemetry's own variables, with its defaults. [operations/traces.md](operations/traces.md) tells what is traced
and where to send it. Certificates and compression are configured by OpenTelemetry's \`OTEL_EXPORTER_OTLP_CERTIFICATE\`,
\`…_CLIENT_CERTIFICATE\`, \`…_CLIENT_KEY\` and \`…_COMPRESSION\` too.

${configTable(allTraceVariables)}

This page is made from the table in the source: \`npm run generate\`.
`;
}
