import { apiPrefix } from '@twite/contract';
import type { Page } from './site.ts';
import { makeStandalonePage } from './standalone-page.ts';

const style = `
body { max-width: 24rem; }
label { display: block; margin: 1rem 0; }
input { display: block; box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
button { padding: .5rem 1rem; font: inherit; }
`;

// The token is in the fragment: browsers send it to no server, so it is in no log and no Referer.
const script = `
'use strict';
const token = new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null, '', location.pathname);
const form = document.querySelector('form');
const message = document.querySelector('[role=status]');
const [password, repeated] = form.querySelectorAll('input');
if (token) form.hidden = false;
else message.textContent = 'This link is incomplete. Open the link exactly as you received it.';
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (password.value !== repeated.value) {
    message.textContent = 'The passwords do not match.';
    return;
  }
  const button = form.querySelector('button');
  button.disabled = true;
  message.textContent = '';
  try {
    const response = await fetch('${apiPrefix.slice(1)}/password-resets', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, newPassword: password.value }),
    });
    if (response.ok) {
      form.hidden = true;
      message.textContent = 'Your password was changed, and you were signed out everywhere. Sign in with the new password.';
      return;
    }
    const problem = await response.json();
    const issues = (problem.errors || []).map((issue) => issue.message);
    message.textContent = issues.length > 0 ? 'The password ' + issues.join(', ') + '.' : problem.detail;
  } catch {
    message.textContent = 'The server did not respond. Try again.';
  } finally {
    button.disabled = false;
  }
});
`;

/** `/password-reset`: the target of reset links. Sets a new password through the API. */
export const passwordResetPage: Page = makeStandalonePage({
  title: 'Set a new password',
  style,
  script,
  body: `<h1>Set a new password</h1>
<noscript><p>This page needs JavaScript. Without it, use <code>twite password reset</code>.</p></noscript>
<form hidden>
<label>New password <input type="password" autocomplete="new-password" required></label>
<label>Repeat the new password <input type="password" autocomplete="new-password" required></label>
<button>Set the password</button>
</form>
<p role="status"></p>`,
});
