import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A message that the code logs. */
export interface FoundMessage {
  /** Undefined: not a literal, so nobody can search for it. */
  readonly msg: string | undefined;
  /** Undefined when the code computes it. */
  readonly level: string | undefined;
  readonly at: string;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** The possible literal values of an expression; undefined for other expressions. */
function literalsOf(expression: ts.Expression): (string | undefined)[] {
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isConditionalExpression(expression))
    return [...literalsOf(expression.whenTrue), ...literalsOf(expression.whenFalse)];
  if (ts.isParenthesizedExpression(expression)) return literalsOf(expression.expression);
  return [undefined];
}

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of object.properties) {
    if (ts.isPropertyAssignment(property) && property.name.getText() === name) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property) && property.name.text === name) return property.name;
  }
  return undefined;
}

const logNames = /(^|\.|#)log$/;

/** The declaration of a name in the file, whatever its scope. */
function declarationOf(
  name: string,
  file: ts.SourceFile,
): ts.VariableDeclaration | ts.ParameterDeclaration | undefined {
  let found: ts.VariableDeclaration | ts.ParameterDeclaration | undefined;
  const look = (node: ts.Node): void => {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node)) && node.name.getText() === name)
      found = node;
    ts.forEachChild(node, look);
  };
  look(file);
  return found;
}

/** The members of a union of literals, for example the type of a parameter. */
const membersOf = (type: ts.TypeNode | undefined): (string | undefined)[] =>
  type !== undefined && ts.isUnionTypeNode(type)
    ? type.types.map((member) =>
        ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal) ? member.literal.text : undefined,
      )
    : [undefined];

/** The possible messages of an expression, including a constant, a table or a parameter of the same file. */
function textsOf(expression: ts.Expression, file: ts.SourceFile): (string | undefined)[] {
  const isTable = ts.isElementAccessExpression(expression);
  const name = isTable ? expression.expression : expression;
  const declared = ts.isIdentifier(name) ? declarationOf(name.text, file) : undefined;
  if (declared === undefined) return literalsOf(expression);
  const { initializer } = declared;
  if (initializer === undefined) return membersOf(declared.type);
  if (!isTable) return literalsOf(initializer);
  if (!ts.isObjectLiteralExpression(initializer)) return [undefined];
  return initializer.properties.flatMap((property) =>
    ts.isPropertyAssignment(property) ? literalsOf(property.initializer) : [undefined],
  );
}

/** `log({ level, msg })`, the form used by engines. */
function ofEntry(call: ts.CallExpression, file: ts.SourceFile): Omit<FoundMessage, 'at'>[] {
  const [entry] = call.arguments;
  if (entry === undefined || !ts.isObjectLiteralExpression(entry)) return [];
  const msg = propertyOf(entry, 'msg');
  const level = propertyOf(entry, 'level');
  if (msg === undefined) return [];
  const [name] = level === undefined ? [undefined] : literalsOf(level);
  return textsOf(msg, file).map((text) => ({ msg: text, level: name }));
}

/** `log.warn(facts, msg)`, pino's form. */
function ofMethod(call: ts.CallExpression, file: ts.SourceFile): Omit<FoundMessage, 'at'>[] {
  const message = call.arguments.at(-1);
  const { expression } = call;
  // Engines call `log({ level, msg, … })`, and this is where the entry reaches pino.
  if (message === undefined || message.getText() === 'msg') return [];
  const level = ts.isPropertyAccessExpression(expression) ? expression.name.text : undefined;
  return textsOf(message, file).map((text) => ({ msg: text, level }));
}

function messagesIn(path: string, text: string): FoundMessage[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: FoundMessage[] = [];
  const add = (node: ts.Node, messages: readonly Omit<FoundMessage, 'at'>[]): void => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    for (const message of messages) found.push({ ...message, at: `${path}:${line + 1}` });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      if (logNames.test(expression.getText())) add(node, ofEntry(node, file));
      else if (
        ts.isPropertyAccessExpression(expression) &&
        levels.includes(expression.name.text) &&
        logNames.test(expression.expression.getText())
      )
        add(node, ofMethod(node, file));
      else if (ts.isElementAccessExpression(expression) && logNames.test(expression.expression.getText()))
        add(node, ofMethod(node, file));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Every message that Twite's processes log. */
export function findMessages(root: string): FoundMessage[] {
  return globSync('packages/*/src/**/*.ts', { cwd: root })
    .filter(
      (path) =>
        !/\.test\.ts$|\.suite\.ts$|\/(testing|kill-tests|fault-tests|http-tests|distributed-tests)\//.test(
          path,
        ),
    )
    .sort()
    .flatMap((path) => messagesIn(path, readFileSync(join(root, path), 'utf8')));
}
