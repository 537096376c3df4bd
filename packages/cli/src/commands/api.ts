import { text } from 'node:stream/consumers';
import { string as stringArg } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { callApi, queryOrBody } from '../call-api.ts';
import { defineCommand } from '../define-command.ts';
import { requiredArg } from '../flags.ts';
import { plain, plainJson } from '../terminal/plain.ts';
import { laidOut } from '../terminal/printable.ts';
import { UsageError } from '../usage-error.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

export default defineCommand({
  summary: 'Call the HTTP API with your session and print the response.',
  description:
    'Use this for operations and parameters that have no command. The reference at /docs lists the paths, which you can write with or without /v1. With GET, HEAD and DELETE, fields become query parameters; otherwise they become string members of a JSON object. Use --input to send any other body, such as one with numbers.',
  examples: [
    '<%= config.bin %> api GET /accounts/by-handle/cosette',
    '<%= config.bin %> api GET /timelines/home --field limit=5 | jq -r ".items[].text"',
    '<%= config.bin %> api POST /posts --field text="Good evening"',
    '<%= config.bin %> api PUT /accounts/1855647289012345678/follow',
    'echo \'{"bio": "Rue Plumet"}\' | <%= config.bin %> api PATCH /me --input -',
  ],
  // The caller names the operation.
  operations: [],
  args: {
    method: stringArg({
      description: 'GET, HEAD, POST, PUT, PATCH or DELETE.',
      required: true,
      ignoreStdin: true,
    }),
    path: requiredArg('The path, such as /posts.'),
  },
  flags: {
    field: string({
      char: 'f',
      summary: 'A query parameter or member of the body, as name=value.',
      helpValue: '<name=value>',
      multiple: true,
      multipleNonGreedy: true,
    }),
    input: string({
      summary: 'The body as JSON. Use - to read it from standard input.',
      helpValue: '<json>',
    }),
  },
  async run({ args, flags, twite, url, stored, say }) {
    const { path } = args;
    const method = args.method.toUpperCase();
    if (!methods.includes(method))
      throw new UsageError(`${args.method} is not an HTTP method. Use ${methods.join(', ')}.`);
    const body = flags.input === '-' ? await text(process.stdin) : flags.input;
    const answer = await callApi({
      ...{ twite, url, stored, method, path, token: flags.token },
      ...queryOrBody(method, flags.field ?? [], body),
    });
    if (answer !== undefined) say(laidOut(typeof answer === 'string' ? plain(answer) : plainJson(answer)));
    return answer;
  },
});
