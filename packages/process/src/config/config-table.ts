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

The server reads its configuration from environment variables, once when it starts. An empty variable counts as not set.
If values are invalid, the server lists all problems and exits with code 2. An unknown variable that starts with \`TWITE_\` counts as
misspelt, and the server suggests the most similar one.

A value that contains a password can be in a file instead. Put the path into the variable with the suffix \`_FILE\`:
\`TWITE_MONGODB_URL_FILE=/run/secrets/mongodb\`.

${configTable()}

## Traces

These are OpenTelemetry's own variables, with its defaults. [operations/traces.md](operations/traces.md) describes what is traced
and where to send it. OpenTelemetry's \`OTEL_EXPORTER_OTLP_CERTIFICATE\`, \`…_CLIENT_CERTIFICATE\`, \`…_CLIENT_KEY\` and
\`…_COMPRESSION\` work too.

${configTable(allTraceVariables)}

This page is generated from the table in the source: \`npm run generate\`.
`;
}
