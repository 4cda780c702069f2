import { DirectionProvider, MantineProvider, useDirection } from '@mantine/core';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { IntlProvider } from 'react-intl';
import { directionOf, usePreferences } from './preferences.js';
import { QuantitiesProvider, useQuantities } from './quantities.js';
import { type createAppRouter } from './router.js';
import { cssVariables, theme } from './theme.js';

interface Props {
  readonly queries: QueryClient;
  readonly router: ReturnType<typeof createAppRouter>;
}

/** Everything that a page can count on: language and direction, figures, colours, answers and addresses. */
export function App({ queries, router }: Props) {
  const { language } = usePreferences();
  return (
    <DirectionProvider initialDirection={directionOf(language)} detectDirection={false}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <QuantitiesProvider municipality={null}>
          <Sentences>
            <QueryClientProvider client={queries}>
              <RouterProvider router={router} />
            </QueryClientProvider>
          </Sentences>
        </QuantitiesProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}

function Sentences({ children }: { readonly children: ReactNode }) {
  const { language, messages } = usePreferences();
  const { locale } = useQuantities();
  const { setDirection } = useDirection();
  useEffect(() => setDirection(directionOf(language)), [language, setDirection]);
  return (
    <IntlProvider locale={locale} defaultLocale={locale} messages={messages}>
      {children}
    </IntlProvider>
  );
}

/** The nonce with which the server's content security policy lets this page have style elements. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}
