import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import { listenAddressText } from './config/listen-address.js';
import type { Clock } from './discover/clock.js';
import { createDiscovery } from './discover/discovery.js';
import type { CgroupTree } from './discover/cgroup-discovery.js';
import type { Discovery, DiscoveryObserver } from './discover/discovery.js';
import { createSelfRegistry } from './metrics/registry.js';
import { observeDiscovery } from './observe/discovery.js';
import { PollRecorder } from './observe/poll.js';
import { observeServing } from './observe/serve.js';
import { cgroupTree } from './poll/cgroup-containers.js';
import { heldFilesBudget } from './poll/held-files.js';
import { Glances } from './poll/glances.js';
import { Host } from './poll/host.js';
import { runPollLoop } from './poll/poll-loop.js';
import { Poller } from './poll/poller.js';
import type { PollObserver } from './poll/poller.js';
import type { ReadContext } from './poll/section-set.js';
import { exists, readFileBytes, readTextFile } from './read/files.js';
import { KernelFiles } from './read/kernel-file.js';
import { createScrapeSource, keepsLabel } from './scrape.js';
import { startServer } from './serve/server.js';
import type { ServeOptions } from './serve/server.js';
import type { BuildInfo } from './version.js';

/** A daemon walks all files of a layer to tell its size. */
const LAYER_SIZES_SECONDS = 300;

export interface DaemonOptions {
  readonly config: Config;
  readonly build: BuildInfo;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

export interface Daemon {
  /** Where it listens. */
  readonly addresses: readonly string[];
  /** Loads the web configuration file again. */
  reload(): Promise<boolean>;
  /** Finishes scrapes under way, then gives everything back. */
  stop(): Promise<void>;
}

/**
 * Joins the stages and starts them. Rejects where an address cannot be listened on or the web configuration file has
 * mistakes; a missing Docker, or a host that cannot be read, never stops it.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { config, build, clock, logger } = options;
  const registry = createSelfRegistry({ defaultMetrics: !config.webDisableExporterMetrics });
  registry.set('confined_build_info', { ...build, node_version: process.version }, 1);
  const budget = heldFilesBudget(config.readHeldFiles);
  if (budget < config.readHeldFiles)
    logger.info(
      { held: budget, wanted: config.readHeldFiles },
      'fewer kernel files are held open than --read.held-files allows: raise the limit of open files to have them all',
    );
  const files = new KernelFiles(budget);
  const observer = new PollRecorder(registry, config.collectors, logger.child({ stage: 'poll' }));
  const paths = { procfs: config.pathProcfs, cgroupfs: config.pathCgroupfs, rootfs: config.pathRootfs };
  const host = new Host(paths, files, observer);
  const discovery = discover(options, observeDiscovery(registry), cgroupTree(host, files));
  const poller = createPoller(options, { host, files, reporter: observer }, discovery, observer);

  // Listening comes first: loading Docker's client takes as long as everything else together.
  let startDiscovery = (): void => undefined;
  const discovered = new Promise<void>(resolve => {
    startDiscovery = () => resolve(discovery.start());
  });
  const server = await startServer(
    serveOptions(config, build),
    createScrapeSource({ config, poller, registry, files, host, discovery, discovered, logger, clock }),
    observeServing(registry),
    logger.child({ stage: 'serve' }),
  );
  startDiscovery();
  const stopping = new AbortController();
  const onFailure = (error: unknown): void =>
    logger.error({ err: error }, 'a poll failed; the next one starts anew');
  const glances = new Glances(poller, clock, onFailure, stopping.signal);
  discovery.onUpdate(id => {
    poller.refresh(id);
    glances.soon(id);
  });
  discovery.onProcess(id => glances.soon(id));
  const polling = discovered.then(() =>
    runPollLoop(poller, config.pollIntervalSeconds, clock, onFailure, stopping.signal),
  );
  return {
    addresses: server.addresses,
    reload: () => server.reload(),
    async stop() {
      await server.close(config.webShutdownGraceSeconds);
      stopping.abort();
      await discovery.stop();
      await polling;
      await glances.ended();
      await poller.close();
    },
  };
}

function discover(
  { config, env, homeDirectory, logger, clock }: DaemonOptions,
  observer: DiscoveryObserver,
  tree: CgroupTree,
): Discovery {
  const log = logger.child({ stage: 'discover' });
  return createDiscovery(
    {
      mode: config.discovery,
      dockerHost: config.dockerHost,
      timeoutSeconds: config.dockerTimeoutSeconds,
      reconcileSeconds: config.dockerReconcileIntervalSeconds,
      filters: { include: config.containerInclude, exclude: config.containerExclude },
      keepLabel: keepsLabel(config),
      layerSizesSeconds: config.collectors.has('disk') ? LAYER_SIZES_SECONDS : undefined,
    },
    {
      env,
      homeDirectory,
      socketExists: exists,
      readCertificate: readTextFile,
      cgroupTree: tree,
      clock,
      random: Math.random,
      log: { info: message => log.info(message), warn: message => log.warn(message) },
      observer,
    },
  );
}

function createPoller(
  { config, clock }: DaemonOptions,
  context: ReadContext & { readonly host: Host },
  discovery: Discovery,
  observer: PollObserver,
): Poller {
  const inventory = {
    containers: () => discovery.containers(),
    get cgroupDriver() {
      return discovery.dockerHost?.cgroupDriver;
    },
    get storageDirectory() {
      return discovery.dockerHost?.rootDirectory;
    },
    writableLayerBytes: (id: string) => discovery.writableLayerBytes(id),
    get current() {
      return discovery.dockerUp;
    },
    get securityOptions() {
      return discovery.dockerHost?.securityOptions;
    },
    get runtimeSocket() {
      return discovery.runtimeSocket;
    },
    knows: (id: string) => discovery.knows(id),
  };
  const { collectors, pathProcfs: procfs, pollSlowIntervalSeconds: slowIntervalSeconds } = config;
  const options = {
    procfs,
    collectors,
    slowIntervalSeconds,
    rootfs: config.pathRootfs,
    root: collectors.has('root'),
    capabilityBaseline: config.confinementCapabilityBaseline.reduce((baseline, mask) => baseline | mask, 0n),
  };
  return new Poller(context, options, inventory, clock, observer);
}

function serveOptions(config: Config, build: BuildInfo): ServeOptions {
  return {
    listenAddresses: config.webListenAddresses.map(listenAddressText),
    telemetryPath: config.webTelemetryPath,
    webConfigFile: config.webConfigFile,
    maxRequests: config.webMaxRequests,
    responseTimeoutSeconds: config.webResponseTimeoutSeconds,
    version: build.version,
    readFile: readFileBytes,
  };
}
