import type { LoadedDemo } from '../demo/offer-demo.ts';

interface Told {
  readonly url: string;
  readonly metricsUrl: string | undefined;
  /** Where the data is stored. */
  readonly data: string;
  /** The demo, if it was just loaded. */
  readonly demo: LoadedDemo | undefined;
  /** The name of the command line where the server was started: `twite`. */
  readonly twite: string;
}

/** The default address of the command line. */
const defaultUrl = 'http://127.0.0.1:8080';

const demoLines = ({ handle, password, summary }: LoadedDemo): string[] => [
  `  Loaded a demo network: ${summary.accounts} accounts, ${summary.follows} follows, ${summary.posts} posts.`,
  `  Sign in as ${handle} or another account, such as Valjean or Gavroche:`,
  '',
  `    handle     ${handle}`,
  `    password   ${password}`,
  '',
  '  The password is not shown again; only its hash is stored.',
  '',
];

const signInLines = (twite: string): string[] => [
  `  To sign in to an existing account, run \`${twite} login HANDLE\`.`,
  `  If you lost its password, run \`${twite} admin password HANDLE\`.`,
  '',
];

/** The text shown when the server is ready. Its commands can be pasted unchanged. */
export function makeBanner({ url, metricsUrl, data, demo, twite }: Told): string {
  const lines = [
    '',
    `  Twite is ready at ${url}`,
    '',
    `    reference  ${url}/docs`,
    `    data       ${data}`,
    ...(metricsUrl === undefined ? [] : [`    metrics    ${metricsUrl}/metrics`]),
    '',
    ...(demo ? demoLines(demo) : []),
    '  Try:',
    '',
    ...(url === defaultUrl ? [] : [`    export TWITE_URL=${url}`]),
    demo ? `    ${twite} login ${demo.handle}` : `    ${twite} signup ada`,
    `    ${twite} post "Good evening, #Paris"`,
    `    ${twite} timeline`,
    '',
    ...(demo ? [] : signInLines(twite)),
  ];
  return `${lines.join('\n')}\n`;
}
