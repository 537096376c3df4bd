/** A port whose service has no address in this process. Its methods throw, but no mounted operation calls them. */
export const notConfigured = <P extends object>(service: 'rabbitmq' | 'elasticsearch' | 'neo4j' | 's3'): P =>
  new Proxy({} as P, {
    get(_, method) {
      // It can be awaited and inspected like an ordinary object.
      if (typeof method !== 'string' || method === 'then') return undefined;
      return () => {
        throw new Error(
          `this process has no address of ${service}, which ${method} needs: set TWITE_${service.toUpperCase()}_URL`,
        );
      };
    },
  });
