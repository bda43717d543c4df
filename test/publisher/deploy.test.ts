/**
 * What of `deploy/` cannot be run here, read: manifests and workflows against their schemas, and the fields that
 * matter one by one. `kubectl kustomize` reads them too, where it is.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { drawingPolicy, embedPolicy, pagePolicy } from '../../src/site/delivery/policy.ts';
import { misfits, type Schema } from './schema.ts';

const root = join(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const yaml = (path: string) => parse(text(path), { strict: true, uniqueKeys: true });
const scripts: Readonly<Record<string, string>> = JSON.parse(text('package.json')).scripts;

/** `npm run build` where there is no such script, `sh deploy/gone.sh` where there is no such file. */
function missingCommands(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => [
    ...[...line.matchAll(/npm run (\S+)/g)]
      .filter(([, name = '']) => scripts[name] === undefined)
      .map(([command]) => command),
    ...[...line.matchAll(/sh (\S+\.sh)/g)]
      .filter(([, path = '']) => !existsSync(join(root, path)))
      .map(([command]) => command),
  ]);
}

const schemas: Readonly<Record<string, Schema>> = {
  'deploy/kubernetes/deployment.yaml': { module: 'kubernetes-types/apps/v1', type: 'Deployment' },
  'deploy/kubernetes/service.yaml': { module: 'kubernetes-types/core/v1', type: 'Service' },
  'deploy/kubernetes/ingress.yaml': { module: 'kubernetes-types/networking/v1', type: 'Ingress' },
  'deploy/kubernetes/disruption-budget.yaml': {
    module: 'kubernetes-types/policy/v1',
    type: 'PodDisruptionBudget',
  },
  'deploy/kubernetes/network-policy.yaml': {
    module: 'kubernetes-types/networking/v1',
    type: 'NetworkPolicy',
  },
  'deploy/github-pages.yml': {
    module: '@schemastore/github-workflow',
    type: 'HttpsJsonSchemastoreOrgGithubWorkflowJson',
  },
  'deploy/gitlab-check.yml': { module: '@schemastore/gitlab-ci', type: 'GitlabCIConfiguration' },
  'deploy/check/action.yml': { module: './check-schemas', type: 'CompositeAction' },
  'deploy/pre-commit-config.yaml': { module: './check-schemas', type: 'PreCommitConfig' },
  'deploy/gitlab-ci.yml': { module: '@schemastore/gitlab-ci', type: 'GitlabCIConfiguration' },
};

describe('schemas', () => {
  test('every manifest and workflow says what its schema has', () => {
    const files = readdirSync(join(root, 'deploy'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name) && !name.endsWith('kustomization.yaml'))
      .map((name) => `deploy/${name}`);
    expect(files.toSorted()).toEqual(Object.keys(schemas).toSorted());
    const documents = Object.entries(schemas).map(([path, schema]) => ({ ...schema, content: yaml(path) }));
    expect(misfits(documents)).toEqual(documents.map(() => []));
  });

  test('a misspelt field, a wrong value and one that is missing are named', () => {
    const service = schemas['deploy/kubernetes/service.yaml'] as Schema;
    const [misspelt, wrong, missing] = misfits([
      {
        ...service,
        content: { apiVersion: 'v1', kind: 'Service', spec: { selectors: { app: 'handbook' } } },
      },
      { ...service, content: { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 'http' }] } } },
      { ...service, content: { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ name: 'http' }] } } },
    ]);
    expect(misspelt?.join()).toContain(`'"selectors"' does not exist`);
    expect(wrong?.join()).toContain("Type 'string' is not assignable to type 'number'");
    expect(missing?.join()).toContain("Property 'port' is missing");
  });
});

describe('Kubernetes', () => {
  test('the container may do nothing but serve', () => {
    const { apiVersion, kind, spec } = yaml('deploy/kubernetes/deployment.yaml');
    expect([apiVersion, kind]).toEqual(['apps/v1', 'Deployment']);
    expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    const { automountServiceAccountToken, securityContext, containers, volumes } = spec.template.spec;
    expect(automountServiceAccountToken).toBe(false);
    expect(securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(containers).toHaveLength(1);
    const [{ securityContext: own, volumeMounts, ports, readinessProbe, resources }] = containers;
    expect(own).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
    expect(volumes[0]).toMatchObject({ name: 'tmp', emptyDir: {} });
    expect(readinessProbe.httpGet).toEqual({ path: '/healthz', port: ports[0].name });
    expect(resources.limits.memory).toBeDefined();
  });

  test('the ports meet: nginx, container, Service, Ingress', () => {
    const [{ ports }] = yaml('deploy/kubernetes/deployment.yaml').spec.template.spec.containers;
    const service = yaml('deploy/kubernetes/service.yaml');
    const ingress = yaml('deploy/kubernetes/ingress.yaml');
    expect(text('deploy/nginx/nginx.conf')).toContain(`listen ${ports[0].containerPort};`);
    expect(text('deploy/Dockerfile')).toContain(`EXPOSE ${ports[0].containerPort}\n`);
    expect(service.spec.ports[0].targetPort).toBe(ports[0].name);
    expect(ingress.spec.rules[0].http.paths[0].backend.service).toEqual({
      name: service.metadata.name,
      port: { name: service.spec.ports[0].name },
    });
  });

  test('one pod stays, the port alone is open, and the host has a certificate', () => {
    const { spec } = yaml('deploy/kubernetes/deployment.yaml');
    const budget = yaml('deploy/kubernetes/disruption-budget.yaml').spec;
    expect(budget.selector).toEqual(spec.selector);
    expect(budget.minAvailable).toBeLessThan(spec.replicas);
    const policy = yaml('deploy/kubernetes/network-policy.yaml').spec;
    expect(policy.podSelector).toEqual(spec.selector);
    expect(policy.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(policy.ingress).toEqual([{ ports: [{ port: spec.template.spec.containers[0].ports[0].name }] }]);
    expect(policy.egress).toEqual([]);
    const { tls, rules } = yaml('deploy/kubernetes/ingress.yaml').spec;
    expect(tls).toEqual([{ hosts: [rules[0].host], secretName: 'handbook-tls' }]);
  });

  test('the memory limit has room for each worker of nginx', () => {
    const [{ resources }] = yaml('deploy/kubernetes/deployment.yaml').spec.template.spec.containers;
    const workers = Number(text('deploy/nginx/nginx.conf').match(/^worker_processes (\d+);$/m)?.[1]);
    expect(workers).toBeGreaterThan(1);
    expect(workers * 16).toBeLessThan(Number.parseInt(resources.limits.memory, 10));
  });

  test('the container runs as the user of the image', () => {
    const { runAsUser, runAsGroup } = yaml('deploy/kubernetes/deployment.yaml').spec.template.spec
      .securityContext;
    expect(text('deploy/Dockerfile')).toContain(`USER ${runAsUser}:${runAsGroup}\n`);
  });

  test('kustomize finds everything', () => {
    const { resources, images } = yaml('deploy/kubernetes/kustomization.yaml');
    for (const name of resources) expect(existsSync(join(root, 'deploy/kubernetes', name))).toBe(true);
    const [{ image }] = yaml('deploy/kubernetes/deployment.yaml').spec.template.spec.containers;
    expect(image.split(':')[0]).toBe(images[0].name);
    const built = spawnSync('kubectl', ['kustomize', join(root, 'deploy/kubernetes')], { encoding: 'utf8' });
    if (built.error === undefined) expect([built.status, built.stderr]).toEqual([0, '']);
  });
});

describe('the image', () => {
  test('copies what is there', () => {
    const copied = [...text('deploy/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, names = '']) => names.split(' '),
    );
    expect(copied).toContain('deploy/nginx/');
    expect(copied.filter((name) => !existsSync(join(root, name)))).toEqual([]);
    expect(missingCommands(text('deploy/Dockerfile').split('\n'))).toEqual([]);
  });

  test('is built of images that can be pinned, and loads nothing to be built with', () => {
    const lines = text('deploy/Dockerfile');
    expect(lines).not.toContain('syntax=');
    const from = [...lines.matchAll(/^FROM (\S+)/gm)].map(([, name = '']) => name);
    expect(from.map((name) => name.replace(/\W/g, ''))).toEqual(['NODE', 'NGINX']);
    for (const name of ['NODE', 'NGINX']) {
      expect(lines).toMatch(new RegExp(`^ARG ${name}=docker\\.io/\\S+:\\d\\S+$`, 'm'));
    }
    // No package of ours needs to run a program while it is installed, and none may.
    expect(text('.npmrc')).toContain('ignore-scripts=true');
    expect(Object.keys(scripts).filter((name) => /^(pre|post|install|prepare)/.test(name))).toEqual([
      'preview',
    ]);
  });

  test('has the policies of the pages', () => {
    const maps = text('deploy/nginx/maps.conf');
    expect(maps).toContain(`default    "${pagePolicy}";`);
    expect(maps).toContain(`~/embed/   "${embedPolicy}";`);
    expect(maps).toContain(`~\\.svg$    "${drawingPolicy}";`);
  });

  test('brings every file that its configuration includes', () => {
    const names = readdirSync(join(root, 'deploy/nginx'));
    const included = names.flatMap((name) =>
      [...text(`deploy/nginx/${name}`).matchAll(/^\s*include (\S+);/gm)].map(([, file]) => file),
    );
    expect(included.filter((name) => !names.includes(name ?? ''))).toEqual([]);
  });
});

describe('workflows', () => {
  test('GitHub Pages', () => {
    const { jobs, permissions } = yaml('deploy/github-pages.yml');
    expect(permissions).toEqual({ contents: 'read' });
    // A job that says its own permissions has no others.
    expect(jobs.build.permissions).toEqual({ contents: 'read', pages: 'read' });
    expect(jobs.build.steps[0].with).toEqual({ 'persist-credentials': false });
    const commands: string[] = jobs.build.steps.flatMap(({ run }: { run?: string }) => run ?? []);
    expect(commands).toEqual(['npm ci', 'npm run build']);
    expect(missingCommands(commands)).toEqual([]);
    expect(jobs.build.steps.at(-1).with.path).toBe('dist');
    expect(jobs.deploy).toMatchObject({
      needs: 'build',
      permissions: { pages: 'write', 'id-token': 'write' },
    });
  });

  test('an action is named by a commit that was looked up', () => {
    // `git rev-parse RELEASE^{commit}` in a clone of each, on 2026-11-29.
    const commits = new Map([
      ['actions/checkout v6.0.3', 'df4cb1c069e1874edd31b4311f1884172cec0e10'],
      ['actions/setup-node v6.5.0', '249970729cb0ef3589644e2896645e5dc5ba9c38'],
      ['actions/configure-pages v5.0.0', '983d7736d9b0ae728b81ab479565c72886d7745b'],
      ['actions/upload-pages-artifact v5.0.0', 'fc324d3547104276b827a68afc52ff2a11cc49c9'],
      ['actions/deploy-pages v5.0.0', 'cd2ce8fcbc39b97be8ca5fce6e763baed58fa128'],
    ]);
    const used = ['deploy/github-pages.yml', 'deploy/check/action.yml'].flatMap((path) => [
      ...text(path).matchAll(/^(?!#).*\buses: ([^@\s]+)@(\S*)(?: # (\S+))?$/gm),
    ]);
    expect(used).toHaveLength(6);
    for (const [, name, commit, release] of used) expect(commit).toBe(commits.get(`${name} ${release}`));
  });

  test('GitLab Pages', () => {
    const { pages } = yaml('deploy/gitlab-ci.yml');
    expect(missingCommands(pages.script)).toEqual([]);
    expect(pages.artifacts.paths).toEqual(['public']);
  });
});
