import { watch } from 'chokidar';

/** A watch over a set of files. */
export interface FileWatch {
  /** Watches these files instead. */
  update(files: readonly string[]): void;
  close(): Promise<void>;
}

export interface FileWatchOptions {
  /** Called once per burst of changes. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
  /** How long the files must be quiet before a change counts. */
  readonly quietMilliseconds: number;
}

/**
 * Watches files through atomic renames, deletion and return, and the symbolic link swaps of Kubernetes volumes.
 * A file that is mounted into a container by itself shows none of these: mount its directory.
 */
export function watchFiles(files: readonly string[], options: FileWatchOptions): FileWatch {
  let watched = new Set(files);
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...watched], { ignoreInitial: true });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(options.onChange, options.quietMilliseconds);
  });
  watcher.on('error', options.onError);
  return {
    update(next) {
      const wanted = new Set(next);
      watcher.unwatch([...watched].filter(file => !wanted.has(file)));
      watcher.add([...wanted].filter(file => !watched.has(file)));
      watched = wanted;
    },
    async close() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
