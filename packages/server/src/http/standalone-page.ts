import { hash } from 'node:crypto';
import { weakEtag } from 'ts-rest-koa';
import { fileResponse, type Page } from './site.ts';

/** A page without external files. All parts are HTML, CSS or JavaScript already: escape other text. */
export interface StandalonePage {
  readonly title: string;
  readonly style: string;
  readonly script?: string;
  readonly body: string;
}

const baseStyle = `
body { margin: 4rem auto; padding: 0 1rem; font-family: system-ui, sans-serif; color: #222; }
`;

const html = ({ title, style, script, body }: StandalonePage): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="docs/favicon-32x32.png">
<style>${baseStyle}${style}</style>
</head>
<body>
${body}
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`;

const sourceOf = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;

/** Allows only the content of the page, its icon, and requests to this server. */
const policyOf = ({ style, script }: StandalonePage): string =>
  [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${sourceOf(script)}`, "connect-src 'self'"]),
    `style-src ${sourceOf(baseStyle + style)}`,
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Renders a page once, with its ETag and policy, and serves it. */
export function makeStandalonePage(page: StandalonePage): Page {
  const content = html(page);
  const file = { content, contentType: 'text/html; charset=utf-8', etag: weakEtag(content) };
  const headers = { 'content-security-policy': policyOf(page) };
  return async (ctx) => fileResponse(ctx, file, headers);
}
