// The one-shot `mongo-setup`, run by mongosh over the loopback address of `mongo`: makes the replica set of one, the first
// user by the localhost exception, and the users of Twite. Every step looks first: it can be repeated, and resumes where an
// earlier run stopped.
const { rootPassword, users } = JSON.parse(require('node:fs').readFileSync('/secrets/users.json', 'utf8'));

function setUp() {
  const admin = connect('mongodb://127.0.0.1:27017/admin?directConnection=true');
  const signIn = () => {
    try {
      return admin.auth('root', rootPassword).ok === 1;
    } catch {
      return false;
    }
  };
  const initiated = () => admin.hello().setName !== undefined;
  const isRoot = signIn();
  if (!initiated()) {
    const config = { _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] };
    const { ok, errmsg } = admin.runCommand({ replSetInitiate: config });
    if (ok !== 1) throw new Error(errmsg);
  }
  while (!admin.hello().isWritablePrimary) sleep(200);
  if (!isRoot) {
    admin.createUser({ user: 'root', pwd: rootPassword, roles: ['root'] });
    if (!signIn()) throw new Error('the new root user cannot sign in');
  }
  for (const { user, pwd, roles } of users) {
    if (admin.getUser(user)) admin.updateUser(user, { pwd, roles });
    else admin.createUser({ user, pwd, roles });
  }
}

// The server may not be through with its start, although it listens.
const deadline = Date.now() + 120_000;
for (let done = false; !done; ) {
  try {
    setUp();
    done = true;
  } catch (error) {
    if (Date.now() > deadline) throw error;
    print(`mongo-setup: ${error.message}; trying again`);
    sleep(1_000);
  }
}
print(`mongo-setup: the replica set is ready and has ${users.length + 1} users`);
