import { MongoNetworkError } from 'mongodb';
import { withMethod } from './with-method.ts';

/** A collection in which the first call of one method is done and its answer lost. */
export function answerLost<C extends object, M extends keyof C & string>(collection: C, method: M): C {
  let isLost = false;
  return withMethod(collection, method, (real) => async (...args) => {
    const answer = await real(...args);
    if (isLost) return answer;
    isLost = true;
    throw new MongoNetworkError('the line was cut');
  });
}
