import { useEffect, useState } from "preact/hooks";

const SETTLES = 500; // milliseconds

/**
 * Attributes for a button: where it has just appeared, a click was meant for what stood there before. A key is pressed only
 * where the focus already is.
 */
export function useFresh(act: () => void) {
  const [fresh, settle] = useState(true);
  useEffect(() => {
    const settling = setTimeout(() => settle(false), SETTLES);
    return () => clearTimeout(settling);
  }, []);
  return {
    "aria-disabled": fresh,
    onClick: (event: MouseEvent) => {
      if (!fresh || !event.detail) act();
    },
  };
}
