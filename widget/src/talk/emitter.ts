// What Socket.IO's classes need of an emitter. The build puts this in the place of the library's own.

type Act = ((...told: unknown[]) => void) & { once?: Act };

export class Emitter {
  #acts = new Map<string, Act[]>();

  listeners(event: string): Act[] {
    return this.#acts.get(event) ?? [];
  }

  hasListeners(event: string): boolean {
    return this.listeners(event).length > 0;
  }

  on(event: string, act: Act): this {
    this.#acts.set(event, [...this.listeners(event), act]);
    return this;
  }

  once(event: string, act: Act): this {
    const once: Act = (...told) => {
      this.off(event, once);
      act.apply(this, told);
    };
    once.once = act;
    return this.on(event, once);
  }

  off(event?: string, act?: Act): this {
    if (!event) this.#acts.clear();
    else if (!act) this.#acts.delete(event);
    else {
      const left = this.listeners(event).filter((one) => one !== act && one.once !== act);
      this.#acts.set(event, left);
    }
    return this;
  }

  removeListener(event: string, act: Act): this {
    return this.off(event, act);
  }

  removeAllListeners(event?: string): this {
    return this.off(event);
  }

  /** Apart from `emit`, which a socket overrides with what it sends. */
  emitReserved(event: string, ...told: unknown[]): this {
    for (const act of this.listeners(event)) act.apply(this, told);
    return this;
  }

  emit(event: string, ...told: unknown[]): this {
    return this.emitReserved(event, ...told);
  }
}
