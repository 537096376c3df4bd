// The one-shot `mongo-setup`, run by mongosh over the loopback address of `mongo`: makes the replica set of one, the first
// user by the localhost exception, and the users of Twite. Safe to repeat, and to resume where an earlier run stopped.
const { rootPassword, users } = JSON.parse(require('node:fs').readFileSync('/secrets/users.json', 'utf8'));
const admin = db.getSiblingDB('admin');

const signIn = () => {
  try {
    return admin.auth('root', rootPassword).ok === 1;
  } catch {
    return false;
  }
};

const isRoot = signIn();
if (!db.hello().setName) rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] });
while (!db.hello().isWritablePrimary) sleep(200);
if (!isRoot) {
  admin.createUser({ user: 'root', pwd: rootPassword, roles: ['root'] });
  if (!signIn()) throw new Error('mongo-setup: the new root user cannot sign in');
}
for (const { user, pwd, roles } of users) {
  if (admin.getUser(user)) admin.updateUser(user, { pwd, roles });
  else admin.createUser({ user, pwd, roles });
}
print(`mongo-setup: the replica set is ready and has ${users.length + 1} users`);
