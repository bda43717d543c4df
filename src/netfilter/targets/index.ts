/** Every target that the engine knows. To add one: a file, and a line here. */
import type { TargetExtension } from '../extension.ts';
import { REDIRECT } from './REDIRECT.ts';
import { standardTargets } from './standard.ts';

export const targetExtensions: readonly TargetExtension[] = [...standardTargets, REDIRECT];
