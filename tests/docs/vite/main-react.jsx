import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { Feed } from './src/Feed.jsx';

createRoot(document.querySelector('#app')).render(
    <StrictMode>
        <h1>React</h1>
        <Feed room="orders" />
    </StrictMode>,
);
