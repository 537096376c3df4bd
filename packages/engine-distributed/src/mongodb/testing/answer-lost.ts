import { MongoNetworkError } from 'mongodb';

/** A collection in which one method is done, and its answer lost, for the first times that it is called. All else is the real thing. */
export function answerLost<C extends object, M extends keyof C & string>(
  collection: C,
  method: M,
  times = 1,
): C {
  let left = times;
  return new Proxy(collection, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== method) return value.bind(target);
      return async (...args: unknown[]) => {
        const answer: unknown = await (value as (...args: unknown[]) => unknown).apply(target, args);
        if (left-- > 0) throw new MongoNetworkError('the line was cut');
        return answer;
      };
    },
  });
}
