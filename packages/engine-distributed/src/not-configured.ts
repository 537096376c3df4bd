/** A port whose service has no address in this process: it throws when a method is called, which no mounted operation does. */
export const notConfigured = <P extends object>(service: 'rabbitmq' | 'elasticsearch' | 'neo4j' | 's3'): P =>
  new Proxy({} as P, {
    get(_, method) {
      // Awaited, or inspected, it is an ordinary object.
      if (typeof method !== 'string' || method === 'then') return undefined;
      return () => {
        throw new Error(
          `this process has no address of ${service}, which ${method} needs: set TWITE_${service.toUpperCase()}_URL`,
        );
      };
    },
  });
