import { checkDependencies } from './dependency-rules.ts';

const problems = await checkDependencies(process.cwd());
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log('dependency rules hold');
