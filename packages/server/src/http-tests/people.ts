import { aForm, aPng } from './a-png.ts';
import type { Call } from './client.ts';

/** An account that is signed in. */
export interface Person {
  readonly accountId: string;
  readonly handle: string;
  readonly password: string;
  readonly token: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

let count = 0;

/** Signs up an account under a handle that is new on every server. */
export async function join(call: Call, name: string): Promise<Person> {
  count += 1;
  const handle = `${name}_${count}`;
  const password = `a long password of ${handle}`;
  const { status, body } = await call('createAccount', { body: { handle, password } });
  if (status !== 201) throw new Error(`${handle}: ${JSON.stringify(body)}`);
  const { accessToken: token, refreshToken, sessionId } = body.session;
  return { accountId: body.account.accountId, handle, password, token, refreshToken, sessionId };
}

export const post = async (
  call: Call,
  { token }: Pick<Person, 'token'>,
  text: string,
  visibility = 'public',
) => (await call('createPost', { token, body: { text, visibility } })).body.postId as string;

/** Uploads a picture and returns its medium. */
export async function upload(
  call: Call,
  { token }: Pick<Person, 'token'>,
  fields: Readonly<Record<string, string>> = {},
  file: Uint8Array = aPng(40, 30),
  // biome-ignore lint/suspicious/noExplicitAny: as JSON.parse has it; checked against the contract
): Promise<any> {
  const { status, body } = await call('uploadMedia', { token, form: aForm(file, fields) });
  if (status !== 201) throw new Error(`the upload was refused: ${JSON.stringify(body)}`);
  return body;
}

/** Creates a personal access token, confirming the password. */
export const createToken = (
  call: Call,
  { token, password }: Pick<Person, 'token' | 'password'>,
  body: { readonly name: string; readonly scopes: readonly string[]; readonly expiresAt?: string },
) => call('createToken', { token, body: { password, ...body } });

export const follow = (call: Call, { token }: Person, { accountId }: Person) =>
  call('followAccount', { token, path: { accountId } });

/** The texts of a page of posts or replies. */
export const textsOf = ({ body }: { readonly body: { items: readonly { text: string }[] } }): string[] =>
  body.items.map((item) => item.text);
