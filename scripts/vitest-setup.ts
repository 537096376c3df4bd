// CI tests a fixed set of cases per commit, so that its verdict does not depend on luck; every other run tries new
// ones, and fast-check prints the seed of a failure.
if (process.env.CI) {
  const { configureGlobal } = await import('fast-check');
  configureGlobal({ seed: 20_261_124 });
}
