"""Given and family names of the communities of Malaysia and Indonesia, to invent people from."""

from __future__ import annotations

from typing import Any, Final

import numpy as np


def _names(text: str) -> Any:
    """Names separated by commas and line ends, as an array of text."""
    parts = (part.strip() for part in text.replace("\n", ",").split(","))
    return np.array([part for part in parts if part], dtype=object)


MALAY_MEN: Final = _names("""
Ahmad, Amir, Azlan, Faizal, Farid, Hafiz, Hakim, Haziq, Imran, Iskandar, Kamal, Khairul, Luqman,
Nazri, Ridzuan, Rosli, Shafiq, Syahmi, Zaid, Zulkifli
""")
MALAY_WOMEN: Final = _names("""
Aisyah, Alia, Amira, Aina, Farah, Fatimah, Hidayah, Izzah, Liyana, Maisarah, Nabila, Nadia,
Norhayati, Nurul, Rohani, Salmah, Siti, Sofea, Suhaila, Zulaikha
""")
MALAY_FATHERS: Final = _names("""
Abdullah, Abu Bakar, Ismail, Hassan, Osman, Rahman, Yusof, Ibrahim, Mahmud, Salleh, Zakaria,
Mat Isa, Idris, Omar, Karim, Jamaludin, Sulaiman, Taib, Wahab, Mansor, Latif
""")
CHINESE_SURNAMES: Final = _names("""
Tan, Lim, Lee, Ng, Wong, Chan, Cheah, Goh, Ong, Teoh, Yap, Chong, Liew, Low, Koh, Khoo, Tay, Foo,
Lau, Ho, Sim, Ting
""")
CHINESE_GIVEN: Final = _names("""
Wei Ming, Jia Hui, Mei Ling, Kok Leong, Siew Lan, Chee Keong, Pei Shan, Yi Xuan, Zhi Hao,
Hui Min, Kah Wai, Li Ting, Boon Seng, Xin Yi, Swee Lian, Jun Jie, Ai Ling, Choon Hock, Shu Fen,
Kai Xiang
""")
TAMIL_MEN: Final = _names("""
Arun, Balan, Dinesh, Ganesh, Karthik, Kumar, Mohan, Prakash, Rajesh, Ravi, Saravanan, Suresh,
Thiru, Vijay, Vikram
""")
TAMIL_WOMEN: Final = _names("""
Anita, Devi, Geetha, Kavitha, Lakshmi, Letchumi, Meena, Nisha, Priya, Puspa, Saraswathy, Shanti,
Thilaga, Uma, Vasanthi
""")
TAMIL_FATHERS: Final = _names("""
Arumugam, Govindasamy, Krishnan, Maniam, Muniandy, Murugan, Nadarajan, Perumal, Raman, Ramasamy,
Sinnappan, Subramaniam, Supramaniam, Veloo
""")
KADAZAN: Final = _names("""
Jainus Gimbang, Juanis Majakil, Florence Lojuman, Roslin Gumpat, Donna Kinsung, Petrus Sompit,
Justin Mojilip, Clara Taising, Welfred Lasimbang, Evelyn Tangau, Rainus Gontol, Sylvia Binson
""")
IBAN: Final = _names("""
Jelani anak Ugap, Unggang anak Nyalau, Dayang anak Jawie, Sering anak Manggat,
Lanie anak Engkamat, Bujang anak Lanting, Rentap anak Sadai, Senia anak Gerunsin,
Ngumbang anak Tinggi, Umi anak Begap
""")
ORANG_ASLI: Final = _names("""
Bah Tijah, Yok Amin, Wah Leha, Bah Rahu, Along Semai, Ngah Jelai, Wak Limah, Tijah Pandak
""")
ID_FIRST: Final = _names("""
Agus, Andi, Ayu, Bagus, Bayu, Budi, Citra, Dedi, Dewi, Dian, Dimas, Eka, Fajar, Fitri, Gita,
Hendra, Indah, Joko, Kartika, Lestari, Made, Maya, Nanda, Nur, Putri, Rangga, Ratna, Rina, Rizki,
Sari, Sri, Taufik, Tri, Wahyu, Wulan, Yanti, Yoga, Yusuf
""")
ID_LAST: Final = _names("""
Anggraini, Firmansyah, Gunawan, Handayani, Hidayat, Kurniawan, Kusuma, Lestari, Maulana, Nugroho,
Nurhaliza, Permana, Pradana, Prasetyo, Pratama, Purnama, Rahayu, Rahmawati, Ramadhan, Saputra,
Setiawan, Siregar, Simanjuntak, Sitorus, Suryani, Susanto, Utami, Wibowo, Wijaya, Yulianti
""")
ID_LOCAL: Final = _names("""
I Wayan Sudiarta, Ni Luh Ayu Suartini, I Ketut Widana, Maria Goreti Tukan, Yohanes Rumbiak,
Ferdinand Lumban Gaol, Margaretha Waromi, Theresia Nahak, Frederik Manuputty, Baso Daeng Situru
""")
