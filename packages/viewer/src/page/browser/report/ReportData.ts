import { ApiError } from "../Api.js";

declare global {
  interface Window {
    /** Called by the scripts in the folder of a report. */
    reportPart?: (name: string, value: unknown) => void;
  }
}

/** The data of a report: parts that stand in the page, or in scripts beside it, which are read when they are needed. */
export class ReportData {
  private readonly _read = new Map<string, unknown>();

  /** @param _nonce - of the scripts that may run */
  public constructor(
    private readonly _folder: string | undefined,
    private readonly _nonce: string,
  ) {
    window.reportPart = (name, value) => this._read.set(name, value);
  }

  /** Reads a part. */
  public async read<T>(name: string): Promise<T> {
    const embedded = document.getElementById(`part-${name}`);
    if (embedded !== null) return JSON.parse(embedded.textContent) as T;
    if (!this._read.has(name)) await this._load(name);
    const value = this._read.get(name) as T;
    this._read.delete(name);
    return value;
  }

  private async _load(name: string): Promise<void> {
    const folder = this._folder ?? "";
    const script = document.createElement("script");
    script.nonce = this._nonce;
    script.src = `${encodeURIComponent(folder)}/${name}.js`;
    await new Promise((resolve, reject) => {
      script.onload = resolve;
      script.onerror = () => {
        const message = `${folder}/${name}.js cannot be read. Keep the folder ${folder} beside the report.`;
        reject(new ApiError(message));
      };
      document.head.append(script);
    });
    script.remove();
  }
}
